using MongoDB.Bson;

namespace Outbox.MongoDb.Installation;

/// <summary>An index that has to be there.</summary>
/// <param name="Collection">The collection's name.</param>
/// <param name="Name">The name that it is created with; under another name it is as good.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Only">The documents that it has, if not all.</param>
internal sealed record WantedIndex(string Collection, string Name, BsonDocument Keys, BsonDocument? Only = null)
{
    /// <summary>How long after the time in its field a document expires.</summary>
    public TimeSpan? ExpireAfter { get; init; }

    /// <summary>The setting that says so.</summary>
    public string? Setting { get; init; }

    /// <summary>Whether the collection is the framework's, so that an index by another name has the same purpose.</summary>
    public bool IsOurs { get; init; } = true;

    /// <summary>Whether an index, as <c>listIndexes</c> tells of it, serves for this one, its time to live aside.</summary>
    public bool IsServedBy(BsonDocument index) =>
        index["key"].AsBsonDocument.Elements.SequenceEqual(Keys.Elements, SameKey.Instance)
        && index.GetValue("partialFilterExpression", BsonNull.Value).Equals(Only ?? (BsonValue)BsonNull.Value)
        && !index.Contains("collation")
        && !index.GetValue("sparse", false).ToBoolean()
        && !index.GetValue("hidden", false).ToBoolean();

    /// <summary>Whether documents expire as they should.</summary>
    public bool ExpiresAs(BsonDocument index) => ExpireAfter is null || (index.TryGetValue("expireAfterSeconds", out var seconds) && seconds.ToInt64() == Seconds);

    public long Seconds => (long)(ExpireAfter ?? TimeSpan.Zero).TotalSeconds;

    /// <summary>A direction is 1 and -1, of whatever number type: an index that was created in mongosh has doubles.</summary>
    private sealed class SameKey : IEqualityComparer<BsonElement>
    {
        public static readonly SameKey Instance = new();

        public bool Equals(BsonElement x, BsonElement y) => x.Name == y.Name && (x.Value == y.Value || (x.Value.IsNumeric && y.Value.IsNumeric && x.Value.ToDouble().Equals(y.Value.ToDouble())));

        public int GetHashCode(BsonElement obj) => obj.Name.GetHashCode(StringComparison.Ordinal);
    }
}
