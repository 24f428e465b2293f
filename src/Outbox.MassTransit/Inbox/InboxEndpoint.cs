using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Messages;

namespace Outbox.Inbox;

/// <summary>What the inbox filters of one endpoint share.</summary>
internal sealed class InboxEndpoint(string name, IServiceProvider services)
{
    public string Name => name;

    public IInbox Inbox { get; } = Required<IInbox>(services);

    public MessageRegistry Registry { get; } = Required<MessageRegistry>(services);

    public MessageCapture Capture { get; } = Required<MessageCapture>(services);

    public InboxMetrics Metrics { get; } = Required<InboxMetrics>(services);

    private static T Required<T>(IServiceProvider services)
        where T : notnull => services.GetService<T>() ?? throw new OutboxConfigurationException(
            $"The inbox needs a {typeof(T).Name}, which is not registered. Call x.AddOutbox inside AddMassTransit, with a store such as o.UseMongoDb.");
}
