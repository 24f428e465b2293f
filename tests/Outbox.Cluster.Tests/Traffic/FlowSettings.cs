using Outbox.Kafka;

namespace Outbox.Cluster.Tests.Traffic;

/// <summary>Where a flow runs and how.</summary>
/// <param name="MongoDb">The connection string.</param>
/// <param name="Servers">Kafka's bootstrap servers.</param>
/// <param name="Topic">The topic; the database has the same name.</param>
/// <param name="Fencing">What keeps a paused relay from publishing late.</param>
internal sealed record FlowSettings(string MongoDb, string Servers, string Topic, Fencing Fencing)
{
    /// <summary>Further settings of the Kafka clients.</summary>
    public Action<KafkaOptions>? Kafka { get; init; }

    public void Apply(OutboxConfigurator o)
    {
        o.UseMongoDb(m =>
        {
            m.Connection = MongoDb;
            m.DatabaseName = Topic;
        });
        o.UseKafka(k =>
        {
            k.BootstrapServers = Servers;
            k.Fencing = Fencing;
            k.TransactionalIdPrefix = Fencing == Fencing.KafkaTransactions ? Topic : "";
            Kafka?.Invoke(k);
        });
        o.QueryDelay = TimeSpan.FromMilliseconds(100);
    }
}
