using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Projections;

internal sealed class SliceOperator(string path, long? skip, long count) : FindOperator(path)
{
    private readonly string[] _parts = path.Split('.');

    public override bool Includes => false;

    /// <summary>Nothing when it is the expression <c>$slice</c>, which takes an array to cut.</summary>
    public static SliceOperator? Parse(string path, BsonValue argument)
    {
        if (argument is not BsonArray array)
        {
            return Numbers.TryTruncate(Number(argument), out var only) ? new SliceOperator(path, null, only) : null;
        }

        if (array.Count != 2 || !Numbers.IsNumber(array[0]))
        {
            return null;
        }

        var valid = Numbers.TryTruncate(array[0], out var skip) & Numbers.TryTruncate(Number(array[1]), out var count);
        return valid && count > 0 ? new SliceOperator(path, skip, count)
            : throw MongoError.Location(28724, $"$slice limit must be positive: {ShellText.Of(array)}");
    }

    public override BsonDocument Apply(BsonDocument original, BsonDocument projected) => (BsonDocument)Sliced(projected, 0);

    private static BsonValue Number(BsonValue value) =>
        Numbers.IsNumber(value) ? value : throw MongoError.Location(28667, $"Invalid $slice syntax. The given syntax {ShellText.Of(value)} did not match the find() syntax");

    private BsonValue Sliced(BsonValue value, int part) => value switch
    {
        BsonArray array when part == _parts.Length => Cut(array),
        BsonArray array => new BsonArray(array.Select(item => item is BsonDocument ? Sliced(item, part) : item)),
        BsonDocument document when part < _parts.Length => new BsonDocument(document.Select(element =>
            element.Name == _parts[part] ? new BsonElement(element.Name, Sliced(element.Value, part + 1)) : element)),
        _ => value,
    };

    private BsonArray Cut(BsonArray array)
    {
        var (start, length) = skip is { } given
            ? (given < 0 ? Math.Max(0, array.Count + given) : given, count)
            : count < 0 ? (Math.Max(0, array.Count + count), -count) : (0L, count);
        return new BsonArray(array.Skip((int)Math.Min(start, array.Count)).Take((int)Math.Min(length, int.MaxValue)));
    }
}
