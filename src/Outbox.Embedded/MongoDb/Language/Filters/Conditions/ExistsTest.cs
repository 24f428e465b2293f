using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary><c>$exists: true</c>.</summary>
internal sealed class ExistsTest : ValueTest
{
    public override bool TriesElements => false;

    public override bool Matches(BsonValue? value, Match match) => value is not null;
}
