using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>Builds producers whose settings keep the guarantees.</summary>
internal sealed class ProducerFactory(IOptions<KafkaOptions> kafka, IOptions<OutboxOptions> outbox, ILogger<ProducerFactory> logger)
{
    public string TopicPrefix => kafka.Value.TopicPrefix;

    /// <summary>A producer after whose first refused message nothing more is sent.</summary>
    public OutboxProducer Create()
    {
        var config = Config();
        config.EnableGaplessGuarantee = true;
        return Build(config);
    }

    /// <summary>A producer for the Kafka transactions of one lane.</summary>
    public OutboxProducer CreateTransactional(int lane)
    {
        var config = Config();
        config.TransactionalId = $"{kafka.Value.TransactionalIdPrefix}.{lane}";
        config.TransactionTimeoutMs = Math.Max(1_000, config.MessageTimeoutMs!.Value);
        return Build(config);
    }

    /// <summary>A producer of single messages, byte for byte. It may repeat one; none depends on another.</summary>
    public IProducer<byte[]?, byte[]?> CreateRaw()
    {
        var config = Config();
        config.EnableIdempotence = false;
        return new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) => logger.ProducerError(error.Code, error.Reason))
            .SetLogHandler((_, line) => logger.ProducerLog(line.Facility, line.Message))
            .Build();
    }

    private OutboxProducer Build(ProducerConfig config) => new(onFatal => new ProducerBuilder<string, byte[]?>(config)
        .SetErrorHandler((_, error) =>
        {
            logger.ProducerError(error.Code, error.Reason);
            if (error.IsFatal)
            {
                onFatal(error);
            }
        })
        .SetLogHandler((_, line) => logger.ProducerLog(line.Facility, line.Message))
        .Build());

    private ProducerConfig Config()
    {
        var config = new ProducerConfig(new Dictionary<string, string>(kafka.Value.Settings));
        foreach (var (name, value) in kafka.Value.ProducerSettings)
        {
            config.Set(name, value);
        }

        config.BootstrapServers = kafka.Value.BootstrapServers;
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.MessageTimeoutMs = (int)(outbox.Value.LeaseDuration * DeliveryTimes.QueueShare).TotalMilliseconds;
        config.LingerMs ??= 0;
        config.Partitioner ??= Partitioner.Murmur2Random;
        config.QueueBufferingMaxMessages ??= Math.Max(100_000, 2 * outbox.Value.QueryMessageLimit);
        config.DeliveryReportFields = "none";
        return config;
    }
}
