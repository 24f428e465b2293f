using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

internal sealed class NotTest(ValueTest inner) : ValueTest
{
    public ValueTest Inner { get; } = inner;

    public override bool Matches(BsonValue? value, Match match) => !Inner.Matches(value, match.Quiet);
}
