using System.ComponentModel.DataAnnotations;

namespace Outbox.MongoDb;

/// <summary>Where the outbox and inbox live; configuration section <c>Outbox:MongoDb</c>.</summary>
public sealed class MongoDbOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":MongoDb";

    /// <summary>The connection string of a replica set or sharded cluster. Required.</summary>
    [Required(ErrorMessage = "Outbox:MongoDb:Connection is missing. Set it to a connection string, for example mongodb://localhost:27017/?replicaSet=rs0.")]
    public string Connection { get; set; } = "";

    /// <summary>The database: the service's own, because state and messages are written in one transaction. Required.</summary>
    [Required(ErrorMessage = "Outbox:MongoDb:DatabaseName is missing. Set it to the service's own database.")]
    public string DatabaseName { get; set; } = "";

    /// <summary>
    /// How long tombstones of deleted entities are kept, by collection: <c>KeepTombstonesFor["orders"] = TimeSpan.FromDays(30)</c>. A change that comes later than that
    /// would bring the entity back, so keep them longer than Kafka keeps the messages.
    /// </summary>
    /// <value>The default is to keep them for ever.</value>
    public IDictionary<string, TimeSpan> KeepTombstonesFor { get; } = new Dictionary<string, TimeSpan>();
}
