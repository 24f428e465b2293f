using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>What an endpoint does with an entity whose message failed: as the endpoint says, or else as the message's type does.</summary>
internal sealed class FailurePolicies
{
    private readonly Dictionary<string, FailurePolicy> _policies = new(StringComparer.Ordinal);

    public FailurePolicies(IEnumerable<MessageRegistration> handled, TopicEndpointSettings settings, bool canHold)
    {
        foreach (var registration in handled)
        {
            var given = settings.OnFailed ?? registration.OnFailed;
            if (registration.Ordering == MessageOrdering.Sequence)
            {
                RequireHold(given, registration, settings);
                continue;
            }

            _policies[registration.Type] = given ?? FailurePolicy.Continue;
        }

        Holds = _policies.ContainsValue(FailurePolicy.HoldEntity);
        if (Holds && !canHold)
        {
            throw new OutboxConfigurationException(
                $"OnFailed = HoldEntity on TopicEndpoint(\"{settings.Topic}\", \"{settings.Group}\", …) needs a store that keeps messages in a queue, such as o.UseMongoDb.");
        }

        if (Holds && settings.ConcurrentDeliveryLimit > 1)
        {
            throw new OutboxConfigurationException(
                $"TopicEndpoint(\"{settings.Topic}\", \"{settings.Group}\", …) holds an entity's messages in order behind one that failed (OnFailed = HoldEntity), and processes several of a "
                + $"key at once (ConcurrentDeliveryLimit = {settings.ConcurrentDeliveryLimit}). Set ConcurrentDeliveryLimit to 1, or OnFailed to Continue.");
        }
    }

    /// <summary>Whether a message may have to queue behind one that failed. Types in sequence wait for their predecessors anyway.</summary>
    public bool Holds { get; }

    public bool Hold(string type) => _policies.GetValueOrDefault(type) == FailurePolicy.HoldEntity;

    private static void RequireHold(FailurePolicy? given, MessageRegistration registration, TopicEndpointSettings settings)
    {
        if (given == FailurePolicy.Continue)
        {
            throw new OutboxConfigurationException(
                $"'{registration.Type}' on TopicEndpoint(\"{settings.Topic}\", \"{settings.Group}\", …) is in sequence: its later versions wait for the one that failed. Leave OnFailed = Continue away, "
                + "or order the type otherwise.");
        }
    }
}
