using Outbox.Integration.Tests.Servers;
using Outbox.Messages.Intents;

namespace Outbox.Integration.Tests.Messages;

public sealed class ConversationTests
{
    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    [InlineData(MessageFormat.MassTransit)]
    public async Task A_conversation_keeps_its_correlation_and_each_message_names_its_cause(MessageFormat format)
    {
        var prefix = $"c{Guid.NewGuid():N}.";
        await CreateTopicsAsync(prefix);
        await using var orders = await ConversationService.StartAsync(
            prefix, format, ("orders", typeof(OrderSide)), ("stock", typeof(AnswerSide)));
        await using var stock = await ConversationService.StartAsync(prefix, format, ("stock.commands", typeof(StockSide)));

        await orders.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderConfirmed("small"), "small", 1);
            tx.Publish(new OrderConfirmed("big"), "big", 1);
            return Task.CompletedTask;
        });
        await Eventually.TrueAsync(() => Task.FromResult(orders.Ear.Heard.Count == 4), "the order service heard both orders and both answers");

        var small = Chain(orders, stock, "small", heard => heard.Message is StockReserved { OrderId: "small" });
        var big = Chain(orders, stock, "big", heard => heard.Message is CommandRejected);
        Assert.NotEqual(small.ConversationId, big.ConversationId);
        var rejected = (CommandRejected)big.Message;
        Assert.Equal(("reserve-stock", "big", "only 10 left, 100 wanted"), (rejected.CommandType, rejected.EntityId, rejected.Reason));
        Assert.Equal(rejected.CommandId, big.InitiatorId!.Value.ToString());
    }

    /// <summary>Event, command, answer: one conversation, each caused by the one before.</summary>
    private static Heard Chain(ConversationService orders, ConversationService stock, string order, Func<Heard, bool> isAnswer)
    {
        var confirmed = orders.Ear.Heard.Single(heard => heard.Message is OrderConfirmed message && message.OrderId == order);
        var command = stock.Ear.Heard.Single(heard => heard.Message is ReserveStock message && message.OrderId == order);
        var answer = orders.Ear.Heard.Single(isAnswer);
        Assert.Equal([confirmed.MessageId, confirmed.MessageId, confirmed.MessageId], [confirmed.ConversationId, command.ConversationId, answer.ConversationId]);
        Assert.Equal([null, confirmed.MessageId, command.MessageId], new[] { confirmed.InitiatorId, command.InitiatorId, answer.InitiatorId });
        return answer;
    }

    private static async Task CreateTopicsAsync(string prefix)
    {
        var kafka = await KafkaServer.GetAsync();
        foreach (var topic in new[] { "orders", "stock", "stock.commands" })
        {
            await kafka.CreateTopicAsync(prefix + topic, partitions: 2, exact: true);
        }
    }
}
