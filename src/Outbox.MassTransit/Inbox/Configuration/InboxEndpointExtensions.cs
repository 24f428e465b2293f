using System.Runtime.CompilerServices;
using MassTransit;
using Outbox.Inbox;
using Outbox.Inbox.Configuration;
using Outbox.Messages.Registration;

namespace Outbox;

/// <summary>Adds the inbox to a receive endpoint.</summary>
public static class InboxEndpointExtensions
{
    private static readonly ConditionalWeakTable<IReceiveEndpointConfigurator, string> Names = [];

    /// <summary>
    /// Processes each message once: the inbox record, the consumer's writes and its own messages are one transaction. Endpoints of <c>UsingKafkaOutbox</c>
    /// have it already.
    /// </summary>
    /// <remarks>
    /// Retries, redeliveries, timeouts and limits, on the endpoint or on a consumer (<c>c.UseMessageRetry</c>, also in a <c>ConsumerDefinition</c>), are outside of the transaction: each attempt
    /// gets one of its own. A message that has several consumers here is processed once by each, in a transaction each. A saga's state is its repository's own and not part of the
    /// transaction. Handlers are not covered.
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
        endpoint.UseInbox(context, name ?? Uri.UnescapeDataString(endpoint.InputAddress.Segments[^1].Trim('/')), options);
    }

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="context">The registration context that the endpoint is configured with.</param>
    /// <param name="name">What the inbox calls this endpoint.</param>
    /// <param name="options">How the inbox works.</param>
    /// <param name="comes">Whether messages of a registration can come to this endpoint; by default all.</param>
    internal static void UseInbox(
        this IReceiveEndpointConfigurator endpoint, IRegistrationContext context, string name, InboxOptions options, Func<MessageRegistration, bool>? comes = null)
    {
        var added = Names.GetValue(endpoint, _ => name);
        if (!ReferenceEquals(added, name))
        {
            // A second inbox would wait for the first one's transaction, inside of it.
            throw new OutboxConfigurationException(
                $"The endpoint has an inbox already, '{added}'. Endpoints of UsingKafkaOutbox, and in tests those of UseInMemory, have it by themselves: call e.UseInbox(context) nowhere else than "
                + "on other endpoints, and once.");
        }

        var filters = new InboxFilters(new InboxEndpoint(name, context, options, endpoint, comes));
        endpoint.ConnectConsumerConfigurationObserver(new InboxConsumerObserver(filters));
        endpoint.ConnectSagaConfigurationObserver(new InboxSagaObserver(filters));
        endpoint.AddEndpointSpecification(new InsideCheck(endpoint, name));
    }
}
