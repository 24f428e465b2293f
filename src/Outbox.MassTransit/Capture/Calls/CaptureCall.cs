using MassTransit;

namespace Outbox.Capture.Calls;

/// <summary>One publish or send call that is captured; a payload of its context, which goes through MassTransit's pipes as on its way to a broker.</summary>
/// <param name="write">Gives the message to its transaction.</param>
/// <param name="request">The request that it answers, if it does.</param>
internal sealed class CaptureCall(Func<Action<IOutboxTransaction>, Task> write, ConsumeContext? request)
{
    private Guid? _handedConversation, _handedInitiator, _correlationBefore;

    public ConsumeContext? Request => request;

    /// <summary>The conversation, where a filter or the caller chose another than the consumed message's.</summary>
    public Guid? Conversation { get; private set; }

    /// <summary>What caused the message, where a filter or the caller says so.</summary>
    public Guid? Initiator { get; private set; }

    /// <summary>The correlation id, where the caller set it. One that a convention reads from the message says nothing of the conversation.</summary>
    public Guid? Correlation { get; private set; }

    public Task WriteAsync(Action<IOutboxTransaction> message) => write(message);

    /// <summary>MassTransit has handed on what it hands on from a consumed message.</summary>
    public void HandedOn(SendContext context) => (_handedConversation, _handedInitiator) = (context.ConversationId, context.InitiatorId);

    /// <summary>Filters have run; the caller's own settings come next.</summary>
    public void Filtered(SendContext context) => _correlationBefore = context.CorrelationId;

    /// <summary>All that sets something has done so.</summary>
    public void Set(SendContext context)
    {
        Conversation = Changed(context.ConversationId, _handedConversation);
        Initiator = Changed(context.InitiatorId, _handedInitiator);
        Correlation = Changed(context.CorrelationId, _correlationBefore);
    }

    private static Guid? Changed(Guid? now, Guid? before) => now == before ? null : now;
}
