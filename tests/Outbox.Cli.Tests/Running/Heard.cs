namespace Outbox.Cli.Tests.Running;

/// <summary>What a command says, and the moment at which it says something.</summary>
internal sealed class Heard(string awaited) : StringWriter
{
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the awaited words were said.</summary>
    public Task Said => _said.Task;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(awaited, StringComparison.Ordinal) == true)
        {
            _said.TrySetResult();
        }
    }
}
