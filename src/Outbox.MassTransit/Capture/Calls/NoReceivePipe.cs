using MassTransit;
using MassTransit.Transports;
using MassTransit.Util;

namespace Outbox.Capture.Calls;

/// <summary>For an endpoint that receives nothing: consume observers have nothing to see there.</summary>
internal sealed class NoReceivePipe : IReceivePipe
{
    public Task Connected => Task.CompletedTask;

    public Task Send(ReceiveContext context) => throw new NotSupportedException("This endpoint receives nothing.");

    public void Probe(ProbeContext context)
    {
    }

    public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer) => new EmptyConnectHandle();

    public ConnectHandle ConnectConsumeMessageObserver<T>(IConsumeMessageObserver<T> observer)
        where T : class => new EmptyConnectHandle();

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe)
        where T : class => new EmptyConnectHandle();

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
        where T : class => new EmptyConnectHandle();

    public ConnectHandle ConnectRequestPipe<T>(Guid requestId, IPipe<ConsumeContext<T>> pipe)
        where T : class => new EmptyConnectHandle();
}
