using MassTransit;
using MassTransit.Transports;
using MassTransit.Util;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>The endpoints of a consumer that answers: its asker, and nobody else.</summary>
internal sealed class AnswerEndpoints(Uri asker, ReceiveEndpointContext endpoint, Answer answer, QueryTransaction none) : ISendEndpointProvider, IPublishEndpointProvider
{
    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => address == asker
        ? Task.FromResult<ISendEndpoint>(new SendEndpoint(answer, endpoint, asker, NoFilters.Instance, null))
        : throw none.Refuse($"A message is sent to {address}");

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => throw none.Refuse($"A {typeof(T).Name} is published");

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => new EmptyConnectHandle();

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => new EmptyConnectHandle();

    private sealed class NoFilters : ISendPipe
    {
        public static readonly NoFilters Instance = new();

        public Task Send<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public void Probe(ProbeContext context)
        {
        }
    }
}
