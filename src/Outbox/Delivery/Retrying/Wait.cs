namespace Outbox.Delivery.Retrying;

/// <summary>How long something waits after it has failed.</summary>
/// <param name="Failures">How often it has failed in a row.</param>
/// <param name="Attempts">How many of those say something about the message.</param>
/// <param name="Since">When it failed last, as a timestamp of the clock.</param>
/// <param name="Length">How long it waits from then on.</param>
internal readonly record struct Wait(int Failures, int Attempts, long Since, TimeSpan Length)
{
    /// <summary>How long it still waits; negative when its turn has come.</summary>
    public TimeSpan Remaining(TimeProvider time) => Length - time.GetElapsedTime(Since);
}
