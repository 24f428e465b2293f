using MassTransit;
using MassTransit.Events;
using MassTransit.Metadata;
using Microsoft.Extensions.Logging;
using Outbox.Capture;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>
/// Publishes the <c>Fault&lt;T&gt;</c> of a message that failed for good, where it is registered on a topic (<c>t.Fault&lt;T&gt;()</c>), in a transaction of its own, before the message is parked: after a
/// crash in between it comes twice.
/// </summary>
internal sealed class Faults(MessageRegistry registry, IOutbox outbox, ILogger logger)
{
    public async Task PublishAsync(Passage message, Exception error)
    {
        foreach (var registration in registry.All.Where(fault => IsFaultOf(fault.ClrType, message.Decoded!.Content!)))
        {
            try
            {
                var publish = (IPublishing)Activator.CreateInstance(typeof(Publishing<>).MakeGenericType(registration.ClrType.GetGenericArguments()))!;
                await outbox.ExecuteAsync((transaction, _) => publish.PublishAsync(transaction, registration, message, error), message.Lifetime.Abandoned).ConfigureAwait(false);
            }
            catch (Exception refused) when (refused is OutboxException or NotSupportedException or System.Text.Json.JsonException)
            {
                // It is still parked.
                logger.FaultNotPublished(refused, registration.Type, message.Decoded!.Envelope!.MessageId);
            }
        }
    }

    private static bool IsFaultOf(Type type, object content) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Fault<>) && type.GetGenericArguments()[0].IsInstanceOfType(content);

    private interface IPublishing
    {
        Task PublishAsync(IOutboxTransaction transaction, MessageRegistration registration, Passage message, Exception error);
    }

    /// <summary>It is about no entity: it takes no version of one, and comes in the order of the failed message's key.</summary>
    private sealed class Publishing<T> : IPublishing
        where T : class
    {
        public Task PublishAsync(IOutboxTransaction transaction, MessageRegistration registration, Passage message, Exception error)
        {
            var envelope = message.Decoded!.Envelope!;
            var content = (T)message.Decoded.Content!;
            Guid? id = Guid.TryParse(envelope.MessageId, out var guid) ? guid : null;
            Fault<T> fault = new FaultEvent<T>(content, id, HostMetadataCache.Host, error, MessageTypeCache<T>.MessageTypeNames);
            var options = new MessageOptions { CausationId = envelope.MessageId, CorrelationId = envelope.CorrelationId, PartitionKey = envelope.EntityId is { Length: > 0 } entity ? entity : null };
            transaction.Publish(fault, $"fault/{fault.FaultId}", registration.Versions == VersionSource.Counted ? null : 1, options);
            return Task.CompletedTask;
        }
    }
}
