using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Transports;
using MassTransit.Util;

namespace Outbox.Capture;

/// <summary>
/// Chooses at each call: the running transaction, or else one of its own when the bus outbox is on, or else the bus.
/// </summary>
internal sealed class AmbientBusContext : ScopedBusContext, ISendEndpointProvider, IPublishEndpointProvider
{
    private readonly ScopedBusContext _bus;
    private readonly MessageCapture _capture;
    private readonly IOutbox? _outbox;
    private readonly PublishEndpoint _capturing;

    public AmbientBusContext(ScopedBusContext bus, MessageCapture capture, IOutbox? outbox)
    {
        (_bus, _capture, _outbox) = (bus, capture, outbox);
        _capturing = new PublishEndpoint(this);
        PublishEndpoint = new AmbientPublishEndpoint(() => Captures ? _capturing : _bus.PublishEndpoint);
    }

    public ISendEndpointProvider SendEndpointProvider => this;

    public IPublishEndpoint PublishEndpoint { get; }

    public IScopedClientFactory ClientFactory => _bus.ClientFactory;

    private bool Captures => AmbientTransaction.Current is not null || _outbox is not null;

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) =>
        Captures
            ? Task.FromResult<ISendEndpoint>(new CapturingSendEndpoint(_capture, address, WriteAsync))
            : _bus.SendEndpointProvider.GetSendEndpoint(address);

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => Task.FromResult<ISendEndpoint>(new CapturingSendEndpoint(_capture, destination: null, WriteAsync));

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _bus.SendEndpointProvider.ConnectSendObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => new EmptyConnectHandle();

    private Task WriteAsync(Action<IOutboxTransaction> write)
    {
        if (AmbientTransaction.Current is { } current)
        {
            write(current);
            return Task.CompletedTask;
        }

        return _outbox is null
            ? throw new OutboxException("The transaction of this endpoint has ended. Get the endpoint again where it is used.")
            : _outbox.ExecuteAsync((transaction, _) =>
            {
                write(transaction);
                return Task.CompletedTask;
            });
    }
}
