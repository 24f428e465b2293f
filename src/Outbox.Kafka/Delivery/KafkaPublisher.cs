using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Formats;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery;

/// <summary>
/// Publishes with one idempotent producer. It keeps each entity's order by never letting the producer skip a message: a refused message is fatal
/// to the producer (the gapless guarantee), and a batch that is not acknowledged in time takes the producer with it, so what was queued behind is never sent.
/// </summary>
internal sealed class KafkaPublisher(ProducerFactory factory, TimeProvider time, ILogger<KafkaPublisher> logger) : IMessagePublisher, IDisposable
{
    private GaplessProducer? _producer;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var batch = await SendAsync(messages, deadline, cancellationToken).ConfigureAwait(false);
        var results = batch.Results;
        if (batch.Suspects.Count > 1)
        {
            await IsolateAsync(batch.Suspects, messages, results, () => deadline - time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _producer?.Dispose();
        _producer = null;
    }

    /// <summary>
    /// A broker refuses a whole request for one bad record in it. Sending the suspects one by one finds the bad one and lets the others through.
    /// </summary>
    private async Task IsolateAsync(
        IReadOnlyList<int> suspects, IReadOnlyList<OutboxMessage> messages, PublishResult[] results, Func<TimeSpan> remaining, CancellationToken cancellationToken)
    {
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var index in suspects)
        {
            results[index] = PublishResult.Held;
            if (failed.Contains(messages[index].EntityId) || remaining() <= TimeSpan.Zero)
            {
                continue;
            }

            var alone = await SendAsync([messages[index]], remaining(), cancellationToken).ConfigureAwait(false);
            results[index] = alone.Results[0];
            if (results[index].Status != PublishStatus.Published)
            {
                failed.Add(messages[index].EntityId);
            }
        }
    }

    private async Task<ProduceBatch> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var batch = new ProduceBatch(messages);
        var producer = _producer ??= new GaplessProducer(factory);
        Produce(producer.Producer, batch);
        try
        {
            await batch.Completed.WaitAsync(deadline, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            Abandon($"a batch of {messages.Count} messages was not acknowledged within {deadline}");
            batch.CloseWith($"not acknowledged by Kafka within {deadline}");
        }

        if (producer.Fatal is { } fatal)
        {
            Abandon(fatal.Reason);
        }

        return batch;
    }

    private static void Produce(IProducer<string, byte[]?> producer, ProduceBatch batch)
    {
        for (var i = 0; i < batch.Messages.Count; i++)
        {
            var index = i;
            if (!batch.MayProduce(index))
            {
                continue;
            }

            try
            {
                producer.Produce(batch.Messages[i].Topic, EnvelopeFormat.Write(batch.Messages[i]), report => batch.Report(index, report.Error, byBroker: true));
            }
            catch (KafkaException error)
            {
                batch.Report(index, error.Error, byBroker: false);
            }
        }

        batch.AllProduced();
    }

    private void Abandon(string reason)
    {
        if (_producer is not null)
        {
            logger.ProducerAbandoned(reason);
            Dispose();
        }
    }
}
