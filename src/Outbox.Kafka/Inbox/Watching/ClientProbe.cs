using Confluent.Kafka;

namespace Outbox.Kafka.Inbox.Watching;

/// <summary>Asks for metadata.</summary>
internal sealed class ClientProbe(KafkaOptions options) : IClientProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public bool Answers(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            return Ask(admin);
        }
        catch (Exception error) when (error is ObjectDisposedException or InvalidOperationException)
        {
            // It was closed meanwhile.
            return true;
        }
    }

    public bool AnswersAFreshClient()
    {
        var config = new AdminClientConfig(new Dictionary<string, string>(options.Settings)) { BootstrapServers = options.BootstrapServers };
        using var admin = new AdminClientBuilder(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        return Ask(admin);
    }

    private static bool Ask(IAdminClient admin)
    {
        try
        {
            return admin.GetMetadata(Patience).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}
