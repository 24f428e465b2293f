using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Outbox.Kafka.Formats.Custom;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>Builds producers whose settings keep the guarantees, and clients that ask the brokers.</summary>
internal sealed class ProducerFactory(IOptions<KafkaOptions> kafka, IOptions<OutboxOptions> outbox, ClientErrors errors)
{
    /// <summary>The formats of the user's own, in which messages are written.</summary>
    public CustomFormats Formats { get; set; } = CustomFormats.None;

    /// <summary>What the clients report.</summary>
    public ClientErrors Errors => errors;

    /// <summary>A producer after whose first refused message nothing more is sent.</summary>
    public OutboxProducer Create(int? maxBatchBytes)
    {
        var config = Config(maxBatchBytes);
        config.EnableGaplessGuarantee = true;
        return Build(config);
    }

    /// <summary>A producer of messages none of which depends on another: it may repeat one, and a refusal does not end it.</summary>
    public OutboxProducer CreatePlain(int? maxBatchBytes)
    {
        var config = Config(maxBatchBytes);
        config.EnableIdempotence = false;
        return Build(config);
    }

    /// <summary>A producer for the Kafka transactions of one lane.</summary>
    public OutboxProducer CreateTransactional(int lane, int? maxBatchBytes)
    {
        var config = Config(maxBatchBytes);
        config.TransactionalId = $"{kafka.Value.TransactionalIdPrefix}.{lane}";
        config.TransactionTimeoutMs = Math.Max(1_000, config.MessageTimeoutMs!.Value);
        return Build(config);
    }

    /// <summary>A producer of single messages, byte for byte. It may repeat one; none depends on another.</summary>
    public IProducer<byte[]?, byte[]?> CreateRaw() => CreatePlain(null).Producer;

    /// <summary>A client that asks the brokers.</summary>
    public IAdminClient CreateAdmin() => ClientBuilders.Admin(kafka.Value, ClientSettings.Admin(kafka.Value), errors.Report, errors.Line).Build();

    private OutboxProducer Build(ProducerConfig config) => new(onFatal => ClientBuilders.Producer(kafka.Value, config, error =>
    {
        errors.Report(error);
        if (error.IsFatal)
        {
            onFatal(error);
        }
    }, errors.Line).Build());

    private ProducerConfig Config(int? maxBatchBytes)
    {
        var config = ClientSettings.Producer(kafka.Value, outbox.Value);
        if (maxBatchBytes < (config.BatchSize ?? ClientSettings.MessageMaxBytes))
        {
            config.BatchSize = maxBatchBytes;
        }

        return config;
    }
}
