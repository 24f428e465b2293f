using System.Collections.Concurrent;
using MassTransit.Transports;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Decoding;
using Outbox.Kafka.Inbox.Sequencing;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>Tries one message once: it is processed, skipped, parked, or found to be early. An outage is none of these, and is thrown.</summary>
internal sealed class MessageAttempts(ReceiveEndpointContext context, EndpointServices services, Outages outages)
{
    private readonly MessageDecoder _decoder = new(services);
    private readonly MessageDispatch _dispatch = new(context, services);
    private readonly Parking _parking = new(services);
    private readonly ConcurrentDictionary<string, bool> _skippedTypes = new();

    public async Task<Attempt> RunAsync(ReceivedMessage message, bool redelivered)
    {
        DecodedMessage decoded;
        try
        {
            decoded = _decoder.Decode(message);
        }
        catch (UnreadableMessageException unreadable)
        {
            await _parking.ParkUnreadableAsync(message, unreadable).ConfigureAwait(false);
            return Attempt.Parked;
        }

        if (decoded.Content is null)
        {
            Skip(decoded.Type);
            return decoded.Envelope is null ? Attempt.Skipped : await PassAsync(message, decoded.Envelope).ConfigureAwait(false);
        }

        using var receiveContext = new KafkaReceiveContext(message, redelivered, context);
        try
        {
            return new Attempt(await _dispatch.SendAsync(receiveContext, message, decoded).ConfigureAwait(false), decoded.Envelope);
        }
        catch (Exception error) when (!message.Partition.Abandoned.IsCancellationRequested)
        {
            if (outages.IsOutage(error))
            {
                throw new OutageException(error);
            }

            await _parking.ParkFailedAsync(message, decoded, receiveContext, error).ConfigureAwait(false);
            return Attempt.Parked;
        }
    }

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
