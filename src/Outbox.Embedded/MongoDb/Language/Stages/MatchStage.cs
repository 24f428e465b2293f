using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages;

internal sealed class MatchStage(Filter filter) : Stage
{
    public Filter Filter { get; } = filter;

    public override bool Shapes => false;

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        var match = outer is null ? Match.Untracked : new Match(outer, tracked: false);
        return source.Where(document => Filter.Matches(document, match));
    }
}
