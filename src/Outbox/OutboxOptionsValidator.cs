using Microsoft.Extensions.Options;

namespace Outbox;

/// <summary>Refuses settings that are in range each, but contradict each other.</summary>
internal sealed class OutboxOptionsValidator : IValidateOptions<OutboxOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, OutboxOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(OutboxOptions options)
    {
        if (options.QueryDelay > options.LeaseDuration)
        {
            yield return $"Outbox:QueryDelay is {options.QueryDelay}, longer than Outbox:LeaseDuration ({options.LeaseDuration}): an idle relay would take a killed one's lanes "
                + "over long after their leases have ended. Set QueryDelay to LeaseDuration at most; relays in idle processes are woken without polling.";
        }

        if (options.RetryDelay > options.MaxRetryDelay)
        {
            yield return $"Outbox:RetryDelay is {options.RetryDelay}, longer than Outbox:MaxRetryDelay ({options.MaxRetryDelay}). The first wait is the shortest: lower it, or raise MaxRetryDelay.";
        }

        if (options.DuplicateDetectionWindow < options.LeaseDuration)
        {
            yield return $"Outbox:DuplicateDetectionWindow is {options.DuplicateDetectionWindow}, shorter than Outbox:LeaseDuration ({options.LeaseDuration}): what a killed process had done would be "
                + "forgotten before its messages come again. Set it to days, as long as a message may be late.";
        }
    }
}
