using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>Which endpoint of this process receives which command. A command has one receiver: with two it would be obeyed twice.</summary>
internal sealed class CommandClaims
{
    private readonly Dictionary<Type, TopicEndpointDefinition> _receivers = [];

    public void Claim(Type messageType, TopicEndpointDefinition endpoint, MessageRegistry registry)
    {
        foreach (var command in registry.All.Where(x => x.Intent == MessageIntent.Command && messageType.IsAssignableFrom(x.ClrType)))
        {
            if (!_receivers.TryAdd(command.ClrType, endpoint) && _receivers[command.ClrType] != endpoint)
            {
                throw new OutboxConfigurationException(
                    $"Command {command.ClrType.Name} has two receivers, {Name(_receivers[command.ClrType])} and {Name(endpoint)}. A command is obeyed once: "
                    + "take it from one of them, or make it an event that several endpoints may follow.");
            }
        }
    }

    private static string Name(TopicEndpointDefinition endpoint) => $"TopicEndpoint(\"{endpoint.Topic}\", \"{endpoint.Group}\", …)";
}
