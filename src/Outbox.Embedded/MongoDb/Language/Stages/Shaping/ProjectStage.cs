using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Projections;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Shaping;

/// <summary><c>$project</c>, <c>$addFields</c> and <c>$unset</c>.</summary>
internal sealed class ProjectStage(ProjectionTree tree) : Stage
{
    public static ProjectStage Parse(BsonValue argument, StageContext context)
    {
        var specification = argument as BsonDocument ?? throw MongoError.Location(15969, "$project specification must be an object");
        return specification.ElementCount == 0
            ? throw MongoError.Location(51272, "Invalid $project :: caused by :: projection specification must have at least one field")
            : new ProjectStage(new ProjectionParser(context.Expressions).Parse(specification));
    }

    public static ProjectStage ParseUnset(BsonValue argument)
    {
        var names = argument is BsonArray array ? array.ToArray() : [argument];
        if (names.Length == 0)
        {
            throw MongoError.Location(31119, "$unset specification must be a string or an array with at least one field");
        }

        var tree = new ProjectionTree(ProjectionMode.Exclude);
        foreach (var name in names)
        {
            var path = (name as BsonString ?? throw MongoError.Location(31120, "$unset specification must be a string or an array containing only string values")).Value;
            if (path.StartsWith('$') || path.Split('.').Contains(""))
            {
                throw MongoError.Location(path.StartsWith('$') ? 16410 : 15998, $"FieldPath field names may not be empty strings or start with '$': '{path}'");
            }

            tree.List(new FieldPath(path));
        }

        return new ProjectStage(tree);
    }

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => source.Select(document => tree.Apply(new Scope(document, outer)));
}
