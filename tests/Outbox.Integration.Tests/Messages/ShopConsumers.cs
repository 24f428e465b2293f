using System.Collections.Concurrent;
using MassTransit;
using Outbox.Messages.Intents;

namespace Outbox.Integration.Tests.Messages;

/// <summary>What reached a consumer, with the ids that MassTransit shows it.</summary>
internal sealed record Heard(object Message, Guid? MessageId, Guid? ConversationId, Guid? InitiatorId);

internal sealed class Ear
{
    public ConcurrentQueue<Heard> Heard { get; } = new();

    public void Hear<T>(ConsumeContext<T> context)
        where T : class => Heard.Enqueue(new Heard(context.Message, context.MessageId, context.ConversationId, context.InitiatorId));
}

/// <summary>The order service: a confirmed order needs stock.</summary>
internal sealed class OrderSide(Ear ear) : IConsumer<OrderConfirmed>
{
    public async Task Consume(ConsumeContext<OrderConfirmed> context)
    {
        ear.Hear(context);
        await context.Send(new Uri("topic:stock.commands"), new ReserveStock(context.Message.OrderId, context.Message.OrderId == "big" ? 100 : 1));
    }
}

/// <summary>What the order service makes of the answers.</summary>
internal sealed class AnswerSide(Ear ear) : IConsumer<StockReserved>, IConsumer<CommandRejected>
{
    public Task Consume(ConsumeContext<StockReserved> context)
    {
        ear.Hear(context);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<CommandRejected> context)
    {
        ear.Hear(context);
        return Task.CompletedTask;
    }
}

/// <summary>The stock service: it has ten of everything.</summary>
internal sealed class StockSide(Ear ear) : IConsumer<ReserveStock>
{
    public async Task Consume(ConsumeContext<ReserveStock> context)
    {
        ear.Hear(context);
        if (context.Message.Quantity > 10)
        {
            context.Reject($"only 10 left, {context.Message.Quantity} wanted");
            return;
        }

        await context.Publish(new StockReserved(context.Message.OrderId));
    }
}
