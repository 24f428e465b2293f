using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture.Calls;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Inbox;

/// <summary>What the inbox filters of one endpoint share.</summary>
internal sealed class InboxEndpoint(string name, IServiceProvider services, InboxOptions options, IReceiveEndpointConfigurator endpoint)
{
    private readonly IReadOnlyList<IOutageDetector> _detectors = [.. services.GetServices<IOutageDetector>()];

    public string Name => name;

    public IInbox Inbox { get; } = Required<IInbox>(services);

    public bool Transactional => options.Transactional;

    public IInboxRecordStore Records => Required<IInboxRecordStore>(services);

    public IBatchInbox Batches => Required<IBatchInbox>(services);

    public MessageRegistry Registry { get; } = Required<MessageRegistry>(services);

    public ConsumerCapture Capture { get; } = new(Required<CaptureEndpoints>(services).Of(endpoint), Required<MessageCapture>(services));

    public InboxMetrics Metrics { get; } = Required<InboxMetrics>(services);

    /// <summary>Whether the error, or what caused it, says that no message could be processed now.</summary>
    public bool IsOutage(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (_detectors.Any(detector => detector.IsOutage(cause)))
            {
                return true;
            }
        }

        return error is AggregateException several && several.InnerExceptions.Any(IsOutage);
    }

    private static T Required<T>(IServiceProvider services)
        where T : notnull => services.GetService<T>() ?? throw new OutboxConfigurationException(
            $"The inbox needs a {typeof(T).Name}, which is not registered. Call x.AddOutbox inside AddMassTransit, with a store such as o.UseMongoDb.");
}
