using System.Collections.Concurrent;
using MassTransit.Transports;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Batches;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Decoding;
using Outbox.Kafka.Inbox.Failing;
using Outbox.Kafka.Inbox.Sequencing;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>Tries one message once: it is processed, skipped, parked, or found to be early. An outage is none of these, and is thrown.</summary>
internal sealed class MessageAttempts(ReceiveEndpointContext context, EndpointServices services, Outages outages, KillSwitch killSwitch, Parking parking)
{
    private readonly MessageDecoder _decoder = new(services);
    private readonly MessageDispatch _dispatch = new(context, services);
    private readonly ConcurrentDictionary<string, bool> _skippedTypes = new();

    public async Task<Attempt> RunAsync(ReceivedMessage message, bool redelivered)
    {
        killSwitch.ThrowIfOpen();
        if (await ReadAsync(message, redelivered).ConfigureAwait(false) is not { } decoded)
        {
            return Attempt.Parked;
        }

        if (decoded.Content is null)
        {
            Skip(decoded.Type);
            return decoded.Envelope is null ? Attempt.Skipped : await PassAsync(message, decoded.Envelope).ConfigureAwait(false);
        }

        if (await IsHeldAsync(message, decoded.Envelope!).ConfigureAwait(false))
        {
            return Attempt.Held(decoded.Envelope!);
        }

        using var receiveContext = _dispatch.Open(message, decoded, redelivered);
        try
        {
            var outcome = await _dispatch.SendAsync(receiveContext, message, decoded).ConfigureAwait(false);
            killSwitch.Succeeded();
            return new Attempt(outcome, decoded.Envelope);
        }
        catch (Exception error) when (!message.Partition.Abandoned.IsCancellationRequested)
        {
            if (outages.IsOutage(error))
            {
                throw new OutageException(error);
            }

            await killSwitch.FailedAsync(error).ConfigureAwait(false);
            await parking.ParkFailedAsync(message, decoded, receiveContext, error).ConfigureAwait(false);
            return Attempt.Parked;
        }
    }

    /// <returns>The message with a context of its own; <see langword="null"/> if there is nothing to do with it.</returns>
    public async Task<BatchedMessage?> OpenAsync(ReceivedMessage message, bool redelivered)
    {
        killSwitch.ThrowIfOpen();
        if (await ReadAsync(message, redelivered).ConfigureAwait(false) is not { } decoded)
        {
            return null;
        }

        if (decoded.Content is null)
        {
            Skip(decoded.Type);
            return null;
        }

        return new BatchedMessage(message, decoded, _dispatch.Open(message, decoded, redelivered));
    }

    public Task SendAsync(IReadOnlyList<BatchedMessage> messages, CancellationToken abandoned) => _dispatch.SendAsync(messages, abandoned);

    public void Succeeded() => killSwitch.Succeeded();

    public async Task ParkAsync(BatchedMessage message, Exception error)
    {
        await killSwitch.FailedAsync(error).ConfigureAwait(false);
        await parking.ParkFailedAsync(message.Message, message.Decoded, message.Context, error).ConfigureAwait(false);
    }

    /// <returns><see langword="null"/> if the message could not be read, and was parked.</returns>
    private async Task<DecodedMessage?> ReadAsync(ReceivedMessage message, bool redelivered)
    {
        try
        {
            return _decoder.Decode(message, redelivered);
        }
        catch (UnreadableMessageException unreadable)
        {
            await parking.ParkUnreadableAsync(message, unreadable).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Whether a message of its entity has failed, and this one has to queue behind it.</summary>
    private async Task<bool> IsHeldAsync(ReceivedMessage message, Envelope envelope) =>
        services.Failures.Holds && !message.HasItsTurn && envelope.EntityId.Length > 0
        && await services.Held.HoldsAsync(new Sequence(services.Settings.Group, message.Result.Topic, envelope.EntityId), message.Partition.Abandoned).ConfigureAwait(false);

    /// <summary>The endpoint does nothing with the message, but its version has its turn in the sequence.</summary>
    private async Task<Attempt> PassAsync(ReceivedMessage message, Envelope place)
    {
        var record = new InboxRecord(services.Settings.Group, place.MessageId, place.Type, place.EntityId, place.Version)
        {
            Sequence = new Sequence(services.Settings.Group, message.Result.Topic, place.EntityId),
        };
        return new Attempt(await services.Inbox.ExecuteAsync(record, (_, _) => Task.CompletedTask, message.Partition.Abandoned).ConfigureAwait(false), place);
    }

    private void Skip(string type)
    {
        services.Metrics.Skipped(services.Settings.Group, type);
        if (_skippedTypes.TryAdd(type, true))
        {
            services.Logger.TypeSkipped(services.Settings.Group, type, services.Settings.Topic);
        }
    }
}
