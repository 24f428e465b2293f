using System.Runtime.CompilerServices;
using MassTransit;
using Outbox.Inbox;

namespace Outbox;

/// <summary>Adds the inbox to a receive endpoint.</summary>
public static class InboxEndpointExtensions
{
    private static readonly ConditionalWeakTable<IReceiveEndpointConfigurator, string> Names = [];

    /// <summary>
    /// Processes each message once: the inbox record, the consumer's writes and its own messages are one transaction. Endpoints of <c>UsingKafkaOutbox</c>
    /// have it already. Call it after <c>ConfigureConsumer</c>.
    /// </summary>
    /// <remarks>
    /// Retries belong on the endpoint (<c>e.UseMessageRetry</c>), where each attempt gets a transaction of its own. A retry on the consumer
    /// (<c>e.ConfigureConsumer&lt;T&gt;(context, c => c.UseMessageRetry(…))</c>) would run inside the transaction, and what a failed attempt wrote or published
    /// would be committed with the next. A saga's state is its repository's own and not part of the transaction. Handlers are not covered.
    /// </remarks>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="context">The registration context that the endpoint is configured with.</param>
    /// <param name="name">What the inbox calls this endpoint; by default the last part of its address. Records of another name are not found.</param>
    /// <param name="configure">Sets how the inbox works.</param>
    public static void UseInbox(
        this IReceiveEndpointConfigurator endpoint, IRegistrationContext context, string? name = null, Action<InboxOptions>? configure = null)
    {
        var options = new InboxOptions();
        configure?.Invoke(options);
        name ??= Uri.UnescapeDataString(endpoint.InputAddress.Segments[^1].Trim('/'));
        var added = Names.GetValue(endpoint, _ => name);
        if (!ReferenceEquals(added, name))
        {
            // A second inbox would wait for the first one's transaction, inside of it.
            throw new OutboxConfigurationException(
                $"The endpoint has an inbox already, '{added}'. Endpoints of UsingKafkaOutbox, and in tests those of UseInMemory, have it by themselves: call e.UseInbox(context) nowhere else than "
                + "on other endpoints, and once.");
        }

        var consumers = new InboxConsumerObserver(new InboxEndpoint(name, context, options, endpoint));
        endpoint.ConnectConsumerConfigurationObserver(consumers);
        endpoint.ConnectSagaConfigurationObserver(new InboxSagaObserver(consumers));
    }
}
