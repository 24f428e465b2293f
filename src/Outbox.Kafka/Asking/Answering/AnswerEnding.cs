using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>Whatever became of a request, it is at its end: its asker knows, or stops waiting by itself.</summary>
internal sealed class AnswerEnding : IEnding
{
    public static readonly AnswerEnding Instance = new();

    public ValueTask<After> ActAsync(Passage message, Verdict verdict) => ValueTask.FromResult(After.End);

    public Task RestAsync(IReadOnlyList<Passage> messages, Rest rest) => Task.CompletedTask;
}
