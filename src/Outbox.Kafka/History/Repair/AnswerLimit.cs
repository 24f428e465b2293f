using MassTransit;
using Outbox.History.Repair;

namespace Outbox.Kafka.History.Repair;

/// <summary>Has a command wait until something may be put back, outside of its transaction. Those behind it wait in Kafka.</summary>
internal sealed class AnswerLimit(AnsweredTopic topic, IAnswerBudget budget) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.TryGetMessage<RepublishVersions>(out var ask) && RepublishVersionsConsumer.Refusal(ask.Message, topic) is null)
        {
            var wanted = (int)Math.Min(topic.Options.MaxVersions, ask.Message.To - ask.Message.From + 1);
            var grant = await budget.TakeAsync(topic, wanted, context.CancellationToken).ConfigureAwait(false);
            context.AddOrUpdatePayload(() => grant, _ => grant);
        }

        await next.Send(context).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("answerLimit").Set(new { topic.Options.MaxVersions, topic.Options.PerMinute });
}
