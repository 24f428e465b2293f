using MassTransit;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>A consumer for endpoints without the inbox.</summary>
public sealed class PlainConsumer(PlainConsumer.Way way, IPublishEndpoint publish, ISendEndpointProvider send) : IConsumer<OrderCancelled>
{
    public async Task Consume(ConsumeContext<OrderCancelled> context)
    {
        var message = new StockReserved(context.Message.OrderId);
        await (way.Name switch
        {
            "context.Publish" => context.Publish(message),
            "context.Send" => context.Send(new Uri("queue:elsewhere"), message),
            "IPublishEndpoint" => publish.Publish(message),
            _ => (await send.GetSendEndpoint(new Uri("queue:elsewhere"))).Send(message),
        });
    }

    public sealed class Way
    {
        public string Name { get; set; } = "";
    }
}
