using MassTransit;
using Microsoft.Extensions.Options;
using Outbox.Capture.Calls;
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
    /// What is captured has passed the rule. The endpoints of another bus, <c>Bind&lt;TBus, IPublishEndpoint&gt;</c>, send at once, so a transaction that fails could not take their messages back;
    /// the bus itself is asked on purpose. What a consumer without a transaction publishes through its context comes to the bus by no endpoint of ours. Requests and answers to them are conversations of the moment.
    /// </summary>
    private Task FromConsumerAsync<T>(SendContext<T> context)
        where T : class
    {
        if (context.RequestId is not null || context.TryGetPayload<CaptureCall>(out _))
        {
            return Task.CompletedTask;
        }

        if (AmbientTransaction.Current is not null && context.TryGetPayload<IServiceProvider>(out _))
        {
            throw new OutboxException(
                $"A {typeof(T).Name} is published or sent inside a transaction, through an endpoint of another bus than the outbox's: it would go out at once, and stay out if the transaction fails. "
                + "Do it after the transaction; or through IPublishEndpoint or ISendEndpointProvider themselves, which are captured; or, if it is meant, through the bus itself.");
        }

        if (context.TryGetPayload<ConsumeContext>(out _))
        {
            Check(typeof(T));
        }

        return Task.CompletedTask;
    }
}
