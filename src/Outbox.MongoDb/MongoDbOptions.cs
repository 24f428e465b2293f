namespace Outbox.MongoDb;

/// <summary>Where the outbox and inbox live; configuration section <c>Outbox:MongoDb</c>.</summary>
public sealed class MongoDbOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":MongoDb";

    /// <summary>The connection string of a replica set or sharded cluster. Required, unless the service registers an <c>IMongoClient</c> or <c>IMongoDatabase</c> of its own.</summary>
    public string Connection { get; set; } = "";

    /// <summary>
    /// The database: the service's own, because state and messages are written in one transaction. Required, unless the service registers an <c>IMongoDatabase</c> of its own.
    /// </summary>
    public string DatabaseName { get; set; } = "";

    /// <summary>What the names of the framework's collections begin with: with <c>messaging.</c> they are <c>messaging.outbox</c>, <c>messaging.inbox</c> and so on.</summary>
    /// <value>The default is no prefix.</value>
    public string CollectionPrefix { get; set; } = "";

    /// <summary>
    /// Whether collections, indexes and lanes are created where they are missing. Without it they are only checked, as far as the user may look: for users without the rights
    /// to create them. <c>services.OutboxMongoDbScript()</c> says what to create.
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Install { get; set; } = true;

    /// <summary>
    /// How long tombstones of deleted entities are kept, by collection: <c>KeepTombstonesFor["orders"] = TimeSpan.FromDays(30)</c>. A change that comes later than that
    /// would bring the entity back, so keep them longer than Kafka keeps the messages.
    /// </summary>
    /// <value>The default is to keep them for ever.</value>
    public IDictionary<string, TimeSpan> KeepTombstonesFor { get; } = new Dictionary<string, TimeSpan>();
}
