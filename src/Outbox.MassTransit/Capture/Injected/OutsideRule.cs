using MassTransit;
using Microsoft.Extensions.Options;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Capture.Injected;

/// <summary>Refuses what would leave a service beside its outbox, where that is not wanted. Types that are not registered are none of its business.</summary>
internal sealed class OutsideRule(MessageRegistry registry, IOptions<BusOutboxOptions> options) : IPublishObserver, ISendObserver
{
    public OutsideTransaction Choice => options.Value.OutsideTransaction;

    /// <exception cref="OutboxException">A message of this type must not go to the bus now.</exception>
    public void Check(Type messageType)
    {
        if (Choice == OutsideTransaction.Throw && registry.TryGet(messageType, out var registration))
        {
            throw new OutboxException(
                $"A '{registration.Type}' message is published or sent outside of a transaction, so that it could be lost. Do it inside IOutbox.ExecuteAsync, or in a consumer "
                + "whose endpoint has the inbox (e.UseInbox(context)). Or call o.UseBusOutbox() to store it in a transaction of its own, or "
                + "o.UseBusOutbox(b => b.OutsideTransaction = OutsideTransaction.Direct) to have it go to the bus at once.");
        }
    }

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => FromConsumerAsync(context);

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PreSend<T>(SendContext<T> context)
        where T : class => FromConsumerAsync(context);

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    /// <summary>
    /// What a consumer without a transaction publishes through its context comes to the bus by no endpoint of ours. Requests and answers to them are conversations of the moment.
    /// </summary>
    private Task FromConsumerAsync<T>(SendContext<T> context)
        where T : class
    {
        if (context.RequestId is null && context.TryGetPayload<ConsumeContext>(out _))
        {
            Check(typeof(T));
        }

        return Task.CompletedTask;
    }
}
