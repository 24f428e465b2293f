namespace Outbox.Operations.Errors;

/// <summary>
/// What errors of one cause have in common, whatever message they met: the type of the innermost exception and the first frame of the application's own code; or, of an error that is a
/// text only or has no such frame, the text without its numbers, ids and quoted names. It is the same after a restart, on another machine, and when lines move.
/// </summary>
/// <param name="Group">A short hash.</param>
/// <param name="Title">What a person calls it: <c>TimeoutException in ShippingConsumer.Consume</c>.</param>
public sealed record ErrorSignature(string Group, string Title)
{
    /// <summary>The signature of an exception.</summary>
    public static ErrorSignature Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return ExceptionSignature.Of(error);
    }

    /// <summary>The signature of an error that is a text only.</summary>
    public static ErrorSignature Of(string error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return TextSignature.Of(error);
    }
}
