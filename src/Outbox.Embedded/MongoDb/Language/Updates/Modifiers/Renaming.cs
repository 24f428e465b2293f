using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Modifiers;

/// <summary><c>$rename</c>: the value moves; neither path may lead through an array.</summary>
internal static class Renaming
{
    public static IEnumerable<UpdateNode> Rename(string source, BsonValue argument)
    {
        if (argument is not BsonString { Value: var target })
        {
            throw MongoError.BadValue($"The 'to' field for $rename must be a string: {ShellText.Element(source, argument)}");
        }

        if (target.Contains('\0'))
        {
            throw MongoError.BadValue("The 'to' field for $rename cannot contain an embedded null byte");
        }

        if (source == target)
        {
            throw MongoError.BadValue($"The source and target field for $rename must differ: {ShellText.Element(source, argument)}");
        }

        if (target.StartsWith(source + ".", StringComparison.Ordinal) || source.StartsWith(target + ".", StringComparison.Ordinal))
        {
            throw MongoError.BadValue($"The source and target field for $rename must not be on the same path: {ShellText.Element(source, argument)}");
        }

        foreach (var (path, end) in new[] { (source, "source"), (target, "destination") })
        {
            if (path.Split('.').Any(part => part.StartsWith('$')))
            {
                throw MongoError.BadValue($"The {end} field for $rename may not be dynamic: {path}");
            }
        }

        return [new RenameNode(target, source), Setting.Unset(source)];
    }
}
