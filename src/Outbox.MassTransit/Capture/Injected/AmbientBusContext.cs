using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Transports;
using MassTransit.Util;

namespace Outbox.Capture.Injected;

/// <summary>
/// Chooses at each call: the running transaction, or else what <see cref="OutsideTransaction"/> says: one of its own, the bus, or an error.
/// </summary>
internal sealed class AmbientBusContext : ScopedBusContext, ISendEndpointProvider, IPublishEndpointProvider
{
    private readonly ScopedBusContext _bus;
    private readonly MessageCapture _capture;
    private readonly OutsideRule _outside;
    private readonly Lazy<IOutbox> _outbox;
    private readonly PublishEndpoint _capturing;

    public AmbientBusContext(ScopedBusContext bus, MessageCapture capture, OutsideRule outside, Lazy<IOutbox> outbox)
    {
        (_bus, _capture, _outside, _outbox) = (bus, capture, outside, outbox);
        _capturing = new PublishEndpoint(this);
        PublishEndpoint = new AmbientPublishEndpoint(bus.PublishEndpoint, type => CapturesNow(type) ? _capturing : bus.PublishEndpoint);
    }

    public ISendEndpointProvider SendEndpointProvider => this;

    public IPublishEndpoint PublishEndpoint { get; }

    public IScopedClientFactory ClientFactory => _bus.ClientFactory;

    public Task<ISendEndpoint> GetSendEndpoint(Uri address)
    {
        var capturing = new CapturingSendEndpoint(_capture, address, WriteAsync);
        return Task.FromResult<ISendEndpoint>(new AmbientSendEndpoint(_bus.SendEndpointProvider, address, type => CapturesNow(type) ? capturing : null));
    }

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => Task.FromResult<ISendEndpoint>(new CapturingSendEndpoint(_capture, destination: null, WriteAsync));

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _bus.SendEndpointProvider.ConnectSendObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => new EmptyConnectHandle();

    /// <exception cref="OutboxException">It is neither captured nor may it go to the bus.</exception>
    private bool CapturesNow(Type messageType)
    {
        if (AmbientTransaction.Current is not null || _outside.Choice == OutsideTransaction.OwnTransaction)
        {
            return true;
        }

        _outside.Check(messageType);
        return false;
    }

    private Task WriteAsync(Action<IOutboxTransaction> write)
    {
        if (AmbientTransaction.Current is { } current)
        {
            write(current);
            return Task.CompletedTask;
        }

        return _outside.Choice != OutsideTransaction.OwnTransaction
            ? throw new OutboxException("The transaction of this endpoint has ended. Get the endpoint again where it is used.")
            : _outbox.Value.ExecuteAsync((transaction, _) =>
            {
                write(transaction);
                return Task.CompletedTask;
            });
    }
}
