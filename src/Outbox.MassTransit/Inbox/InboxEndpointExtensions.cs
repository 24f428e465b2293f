using MassTransit;
using Outbox.Inbox;

namespace Outbox;

/// <summary>Adds the inbox to a receive endpoint.</summary>
public static class InboxEndpointExtensions
{
    /// <summary>
    /// Processes each message once: the inbox record, the consumer's writes and its own messages are one transaction. Endpoints of <c>UsingKafkaOutbox</c>
    /// have it already. Call it after <c>ConfigureConsumer</c>.
    /// </summary>
    /// <remarks>
    /// Retries belong on the endpoint (<c>e.UseMessageRetry</c>), where each attempt gets a transaction of its own. A retry on the consumer
    /// (<c>e.ConfigureConsumer&lt;T&gt;(context, c => c.UseMessageRetry(…))</c>) would run inside the transaction, and what a failed attempt wrote or published
    /// would be committed with the next. Sagas and handlers are not covered.
    /// </remarks>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="context">The registration context that the endpoint is configured with.</param>
    /// <param name="name">What the inbox calls this endpoint; by default the last part of its address. Records of another name are not found.</param>
    public static void UseInbox(this IReceiveEndpointConfigurator endpoint, IRegistrationContext context, string? name = null)
    {
        name ??= Uri.UnescapeDataString(endpoint.InputAddress.Segments[^1].Trim('/'));
        endpoint.ConnectConsumerConfigurationObserver(new InboxConsumerObserver(new InboxEndpoint(name, context)));
    }
}
