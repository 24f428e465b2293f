using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Modifiers;

/// <summary>The target of a <c>$rename</c>: takes its value from the document as it was before the update.</summary>
internal sealed class RenameNode(string target, string source) : UpdateNode(target)
{
    private readonly FieldPath _source = new(source), _target = new(target);

    public override bool Tolerant => false;

    public override BsonValue? Apply(BsonValue? current, UpdateContext context)
    {
        if (Walk(context.Original, _source, "source") is not { } value)
        {
            return current;
        }

        Walk(context.Original, _target, "destination");
        return value;
    }

    private static BsonValue? Walk(BsonDocument document, FieldPath path, string end)
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

        return value;
    }
}
