using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Inbox;

/// <summary>What the inbox filters of one endpoint share.</summary>
internal sealed class InboxEndpoint(string name, IServiceProvider services, InboxOptions options)
{
    private readonly Outages _outages = Required<Outages>(services);

    public string Name => name;

    public IInbox Inbox { get; } = Required<IInbox>(services);

    public bool Transactional => options.Transactional;

    public IInboxRecordStore Records => Required<IInboxRecordStore>(services);

    public IBatchInbox Batches => Required<IBatchInbox>(services);

    public MessageRegistry Registry { get; } = Required<MessageRegistry>(services);

    public MessageCapture Capture { get; } = Required<MessageCapture>(services);

    public InboxMetrics Metrics { get; } = Required<InboxMetrics>(services);

    /// <summary>Whether no message could be processed now. Asks the database, where the error leaves it open.</summary>
    public Task<bool> IsOutageAsync(Exception error, CancellationToken cancellationToken) => _outages.IsOutageAsync(error, cancellationToken);

    private static T Required<T>(IServiceProvider services)
        where T : notnull => services.GetService<T>() ?? throw new OutboxConfigurationException(
            $"The inbox needs a {typeof(T).Name}, which is not registered. Call x.AddOutbox inside AddMassTransit, with a store such as o.UseMongoDb.");
}
