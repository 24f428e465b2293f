namespace Outbox.Integration.Tests.Servers;

/// <summary>A database and a topic of a test's own.</summary>
internal sealed record TestPlace(string MongoDb, string Kafka, string Database, string Topic)
{
    /// <summary>On the servers that the whole run shares.</summary>
    public static async Task<TestPlace> SharedAsync(int partitions = 4)
    {
        var kafka = await KafkaServer.GetAsync();
        var mongo = await MongoDbServer.GetAsync();
        return new TestPlace(mongo.ConnectionString, kafka.BootstrapServers, $"t{Guid.NewGuid():N}", await kafka.CreateTopicAsync("orders", partitions));
    }
}
