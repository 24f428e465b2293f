using Microsoft.Extensions.Options;
using Outbox.Messages;

namespace Outbox.Delivery.Publishing;

/// <summary>Stands in where nothing says what to publish to; a process whose relay is off needs no more.</summary>
public sealed class NoPublisher : IMessagePublisher
{
    /// <exception cref="OutboxConfigurationException">There is a relay here, and it could not publish.</exception>
    public NoPublisher(IOptions<OutboxOptions> options)
    {
        if (options.Value.RelayEnabled)
        {
            throw Missing();
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) => throw Missing();

    private static OutboxConfigurationException Missing() => new(
        "Nothing says where messages are published. Call o.UseKafka(…) inside AddOutbox; or set o.RelayEnabled = false (Outbox:RelayEnabled) where another process publishes; "
        + "or, in a test, call o.UseInMemoryBroker().");
}
