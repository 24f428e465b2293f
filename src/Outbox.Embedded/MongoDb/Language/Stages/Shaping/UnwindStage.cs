using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Shaping;

/// <summary>One document for each element of an array.</summary>
internal sealed class UnwindStage(string[] path, bool keepEmpty, string[]? indexField) : Stage
{
    public static UnwindStage Parse(BsonValue argument)
    {
        var options = argument as BsonDocument ?? new BsonDocument("path", argument);
        if (options.Names.FirstOrDefault(name => name is not ("path" or "preserveNullAndEmptyArrays" or "includeArrayIndex")) is { } unknown)
        {
            throw MongoError.Location(28811, $"unrecognized option to $unwind stage: {unknown}");
        }

        if (options.Find("path") is not BsonString { Value: var path })
        {
            throw MongoError.Location(options.Contains("path") ? 28808 : 28812, "expected a string as the path for $unwind stage");
        }

        if (!path.StartsWith('$') || path.Length < 2 || path.Split('.').Contains(""))
        {
            throw MongoError.Location(28818, $"path option to $unwind stage should be prefixed with a '$': {path}");
        }

        var keep = options.GetValue("preserveNullAndEmptyArrays", false) as BsonBoolean
            ?? throw MongoError.Location(28809, "expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage");
        return new UnwindStage(path[1..].Split('.'), keep.Value, IndexField(options.Find("includeArrayIndex")));
    }

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => source.SelectMany(Unwind);

    private static string[]? IndexField(BsonValue? option) => option switch
    {
        null => null,
        BsonString { Value: { Length: > 0 } name } when !name.StartsWith('$') => name.Split('.'),
        _ => throw MongoError.Location(28810, "expected a non-empty string that does not start with '$' for the includeArrayIndex option to $unwind stage"),
    };

    private IEnumerable<BsonDocument> Unwind(BsonDocument document)
    {
        BsonValue? value = document;
        foreach (var part in path)
        {
            value = (value as BsonDocument)?.Find(part);
        }

        if (value is BsonArray { Count: > 0 } array)
        {
            return array.Select((item, i) => Indexed(With(document, path, 0, item), new BsonInt64(i)));
        }

        if (value.IsNullish() || value is BsonArray)
        {
            return keepEmpty ? [Indexed(value is BsonArray ? With(document, path, 0, null) : document, BsonNull.Value)] : [];
        }

        return [Indexed(document, BsonNull.Value)];
    }

    private BsonDocument Indexed(BsonDocument document, BsonValue index) => indexField is null ? document : With(document, indexField, 0, index);

    /// <summary>A copy of the document that differs at the path alone.</summary>
    private static BsonDocument With(BsonDocument document, string[] path, int part, BsonValue? value)
    {
        var copy = (BsonDocument)document.Clone();
        copy.Put(path[part], part == path.Length - 1 ? value : With(copy.Find(path[part]) as BsonDocument ?? [], path, part + 1, value));
        return copy;
    }
}
