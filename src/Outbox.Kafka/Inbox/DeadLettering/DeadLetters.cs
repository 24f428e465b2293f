using System.Globalization;
using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.DeadLettering;

/// <summary>
/// Publishes a copy of what is about to be parked to the dead letter topic: a crash in between repeats both. Where that is not possible now, the message waits, and
/// with it what comes behind it.
/// </summary>
internal sealed class DeadLetters(DeadLetterTopic topics, DeadLetterProducer producer, EndpointHealth health, RetryWaits waits, ILogger logger)
{
    private const int ErrorLimit = 1_000;

    public async Task PublishAsync(Passage message, ParkedMessage parked, Exception error)
    {
        if (topics.Of(parked.Topic) is not { } topic)
        {
            return;
        }

        var letter = new DeadLetter(message.Record.Key, message.Record.Value, [.. message.Record.Headers.All(), .. What(parked, error)]);
        for (var failures = 0; !await TryPublishAsync(topic, letter, message, parked.Endpoint).ConfigureAwait(false); failures++)
        {
            await waits.WaitAsync(failures, message.Lifetime.Closing).ConfigureAwait(false);
            // It is not done: it comes again.
            message.Lifetime.Closing.ThrowIfCancellationRequested();
        }

        await health.RecoveredAsync(EndpointHealth.DeadLetters).ConfigureAwait(false);
    }

    private async Task<bool> TryPublishAsync(string topic, DeadLetter letter, Passage message, string endpoint)
    {
        try
        {
            if (!await producer.PublishAsync(topic, letter).WaitAsync(message.Lifetime.Abandoned).ConfigureAwait(false))
            {
                logger.DeadLetterTooLarge(message.Record.Position.ToString(), endpoint, topic);
            }

            return true;
        }
        catch (Exception error) when (!message.Lifetime.Abandoned.IsCancellationRequested)
        {
            // Whatever it is, the copy is not there.
            logger.DeadLetterWaits(error, message.Record.Position.ToString(), endpoint, topic);
            await health.FaultedAsync(EndpointHealth.DeadLetters, new OutboxException(
                $"Nothing can be published to the dead letter topic '{topic}': {error.Message} Messages that fail wait for it.", error)).ConfigureAwait(false);
            return false;
        }
    }

    private IEnumerable<KeyValuePair<string, byte[]?>> What(ParkedMessage parked, Exception error)
    {
        yield return new(DeadLetterHeaders.Reason, WireText.Bytes(parked.Reason == ParkReason.Unreadable ? "unreadable" : "failed"));
        yield return new(DeadLetterHeaders.Error, WireText.Bytes(WireText.Clean(WireText.Short(error.Message, ErrorLimit))));
        yield return new(DeadLetterHeaders.ExceptionType, WireText.Bytes(error.GetType().FullName!));
        yield return new(DeadLetterHeaders.Endpoint, WireText.Bytes(parked.Endpoint));
        yield return new(DeadLetterHeaders.Topic, WireText.Bytes(parked.Topic));
        yield return new(DeadLetterHeaders.Partition, WireText.Bytes(parked.Partition));
        yield return new(DeadLetterHeaders.Offset, WireText.Bytes(parked.Offset));
        yield return new(DeadLetterHeaders.Attempts, WireText.Bytes(parked.Attempts));
        yield return new(DeadLetterHeaders.FailedAt, WireText.Bytes(waits.Now.ToString("O", CultureInfo.InvariantCulture)));
    }
}
