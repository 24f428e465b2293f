namespace Demo.Display;

/// <summary>Shows a run to a person or to a log.</summary>
internal interface IDisplay
{
    /// <summary>Tells of one event.</summary>
    void Note(string text);

    /// <summary>Shows the progress until it is cancelled.</summary>
    Task ShowAsync(RunProgress progress, CancellationToken cancellationToken);
}
