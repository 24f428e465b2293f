using System.Globalization;
using Confluent.Kafka;
using Outbox.Inbox;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Processing;

namespace Outbox.Kafka.Inbox.Failing;

/// <summary>
/// Publishes a copy of what is about to be parked to the dead letter topic: a crash in between repeats both. Where that is not possible now, the message waits, and
/// with it what comes behind it.
/// </summary>
internal sealed class DeadLetters(EndpointServices services, EndpointHealth health, Outages outages)
{
    public const string Suffix = ".dlq";

    private const int ErrorLimit = 1_000;

    public async Task PublishAsync(ReceivedMessage message, ParkedMessage parked, Exception error)
    {
        if (services.Settings.DeadLetterTopic is not { } configured)
        {
            return;
        }

        var topic = configured.Length == 0 ? message.Result.Topic + Suffix : services.Kafka.TopicPrefix + configured;
        var letter = new Message<byte[]?, byte[]?> { Key = message.Key, Value = message.Value, Headers = Headers(parked, error) };
        for (var failures = 0; !await TryPublishAsync(topic, letter, message).ConfigureAwait(false); failures++)
        {
            await Task.Delay(outages.WaitAfter(failures), services.Time, message.Partition.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (message.Partition.Closing.IsCancellationRequested)
            {
                // It is not done: it comes again.
                throw new OutageException(error);
            }
        }

        await health.RecoveredAsync(EndpointHealth.DeadLetters).ConfigureAwait(false);
    }

    private async Task<bool> TryPublishAsync(string topic, Message<byte[]?, byte[]?> letter, ReceivedMessage message)
    {
        try
        {
            await services.DeadLetterProducer.PublishAsync(topic, letter).WaitAsync(message.Partition.Abandoned).ConfigureAwait(false);
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> error) when (error.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            services.Logger.DeadLetterTooLarge(message.Result.TopicPartitionOffset.ToString(), services.Settings.Group, topic);
            return true;
        }
        catch (Exception error) when (!message.Partition.Abandoned.IsCancellationRequested)
        {
            // Whatever it is, the copy is not there.
            services.Logger.DeadLetterWaits(error, message.Result.TopicPartitionOffset.ToString(), services.Settings.Group, topic);
            await health.FaultedAsync(EndpointHealth.DeadLetters, new OutboxException(
                $"Nothing can be published to the dead letter topic '{topic}': {error.Message} Messages that fail wait for it.", error)).ConfigureAwait(false);
            return false;
        }
    }

    private Headers Headers(ParkedMessage parked, Exception error)
    {
        var headers = new Headers();
        foreach (var (name, value) in parked.Headers)
        {
            headers.Add(name, value);
        }

        headers.Add(DeadLetterHeaders.Reason, WireText.Bytes(parked.Reason == ParkReason.Unreadable ? "unreadable" : "failed"));
        headers.Add(DeadLetterHeaders.Error, WireText.Bytes(WireText.Short(error.Message, ErrorLimit)));
        headers.Add(DeadLetterHeaders.ExceptionType, WireText.Bytes(error.GetType().FullName!));
        headers.Add(DeadLetterHeaders.Endpoint, WireText.Bytes(parked.Endpoint));
        headers.Add(DeadLetterHeaders.Topic, WireText.Bytes(parked.Topic));
        headers.Add(DeadLetterHeaders.Partition, WireText.Bytes(parked.Partition));
        headers.Add(DeadLetterHeaders.Offset, WireText.Bytes(parked.Offset));
        headers.Add(DeadLetterHeaders.Attempts, WireText.Bytes(parked.Attempts));
        headers.Add(DeadLetterHeaders.FailedAt, WireText.Bytes(services.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
        return headers;
    }
}
