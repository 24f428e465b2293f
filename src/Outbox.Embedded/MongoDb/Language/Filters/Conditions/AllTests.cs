using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary>All conditions at once, on one and the same value.</summary>
internal sealed class AllTests(ValueTest[] tests) : ValueTest
{
    public ValueTest[] Tests { get; } = tests;

    public override bool Matches(BsonValue? value, Match match) => Array.TrueForAll(Tests, test => test.Matches(value, match));
}
