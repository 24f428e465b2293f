namespace Outbox.Cli.Answers;

/// <summary>How something is meant, where there are colours.</summary>
internal enum Tone
{
    Normal,
    Good,
    Warning,
    Bad,
    Quiet,
}
