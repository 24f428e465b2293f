namespace Outbox.Examples.Tests.Compose;

public sealed class ComposeHealthCheck
{
    public List<string> Test { get; set; } = [];
}
