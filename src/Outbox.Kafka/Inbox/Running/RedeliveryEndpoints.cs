using MassTransit;
using MassTransit.Context;
using MassTransit.Transports;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>
/// The endpoints outside of a consumer's transaction. MassTransit's redelivery sends the message to the endpoint's own address; nothing is sent for that, it is noted, and the message parked until then.
/// </summary>
internal sealed class RedeliveryEndpoints(ISendEndpointProvider others, KafkaReceiveContext context) : ISendEndpointProvider
{
    public async Task<ISendEndpoint> GetSendEndpoint(Uri address) => address == context.InputAddress
        ? new OwnAddress(await others.GetSendEndpoint(address).ConfigureAwait(false), context)
        : await others.GetSendEndpoint(address).ConfigureAwait(false);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => others.ConnectSendObserver(observer);

    private sealed class OwnAddress(ISendEndpoint endpoint, KafkaReceiveContext receiveContext) : SendEndpointProxy(endpoint)
    {
        public override Task Send<T>(T message, CancellationToken cancellationToken) => throw Outside<T>();

        public override async Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        {
            var context = new MessageSendContext<T>(message, cancellationToken);
            await pipe.Send(context).ConfigureAwait(false);
            receiveContext.Redelivery = context.Headers.TryGetHeader(KafkaReceiveContext.RedeliveryCount, out var count) && count is int number
                ? new Redelivery(context.Delay ?? TimeSpan.Zero, number)
                : throw Outside<T>();
        }

        public override Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken) => Send(message, (IPipe<SendContext<T>>)pipe, cancellationToken);

        protected override IPipe<SendContext<T>> GetPipeProxy<T>(IPipe<SendContext<T>>? pipe = null) => pipe ?? Pipe.Empty<SendContext<T>>();

        private static OutboxException Outside<T>() => new(
            $"A {typeof(T).Name} is sent or scheduled to a topic endpoint outside of a consumer's transaction. Do it in a consumer or a saga.");
    }
}
