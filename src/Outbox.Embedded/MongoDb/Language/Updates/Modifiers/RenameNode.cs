using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Modifiers;

/// <summary>The target of a <c>$rename</c>: takes its value from the document as it was before the update.</summary>
internal sealed class RenameNode(string target, string source) : UpdateNode(target)
{
    private readonly FieldPath _source = new(source), _target = new(target);

    public override bool Tolerates(UpdateContext context) => false;

    public override BsonValue? Apply(BsonValue? current, UpdateContext context)
    {
        if (Source(context.Original) is not { } value)
        {
            return current;
        }

        RefuseArrays(context.Original, _target, "destination");
        return current is not null && BsonOrder.Instance.Same(current, value) ? current : value;
    }

    private BsonValue? Source(BsonDocument document)
    {
        BsonValue? value = document;
        for (var i = 0; i < _source.Parts.Length && value is not null; i++)
        {
            var viable = value is BsonDocument || (value is BsonArray && _source.Index(i) >= 0);
            value = !viable ? throw NotViable(i, value)
                : value is BsonArray array ? array.ElementAtOrDefault(_source.Index(i))
                : value.AsBsonDocument.Find(_source.Parts[i]);
        }

        RefuseArrays(value is null ? [] : document, _source, "source");
        return value;
    }

    private MongoError NotViable(int part, BsonValue value) => MongoError.PathNotViable(
        $"cannot use the part ({_source.Parts[part]} of {_source}) to traverse the element ({{{ShellText.Element(_source.Parts[Math.Max(0, part - 1)], value)}}})");

    private static void RefuseArrays(BsonDocument document, FieldPath path, string end)
    {
        BsonValue? value = document;
        for (var i = 0; i < path.Parts.Length && value is not null; i++)
        {
            if (value is BsonArray)
            {
                throw MongoError.BadValue($"The {end} field cannot be an array element, '{path}' in doc with {ShellText.Id(document).Trim('{', '}')} has an array field called '{path.Parts[i - 1]}'");
            }

            value = (value as BsonDocument)?.Find(path.Parts[i]);
        }
    }
}
