Feature: Retry
  What failed is tried again, later and not for ever.

  Rule: A failed job is tried again after a pause

    Scenario: The error is kept, and the job waits
      Given the job "receipt A-1001" fails in its first attempt
      And the job "receipt A-1001" is enqueued
      When a worker starts
      Then the job "receipt A-1001" waits for its next attempt
      And attempt 1 at the job "receipt A-1001" failed with "the printer is out of paper"

    Scenario: Nobody tries before the pause is over
      Given the job "receipt A-1001" fails in its first attempt
      And a worker has failed at the job "receipt A-1001" 1 time
      When the next attempt at the job "receipt A-1001" is almost due
      Then the job "receipt A-1001" is still scheduled
      And the job "receipt A-1001" has 1 attempt

    Scenario: It fails twice and then succeeds
      Given the job "receipt A-1001" fails in its first 2 attempts
      And a worker has failed at the job "receipt A-1001" 2 times
      When the next attempt at the job "receipt A-1001" is due
      Then the job "receipt A-1001" is completed
      And the job "receipt A-1001" has 3 attempts
      And attempt 2 at the job "receipt A-1001" failed with "the printer is out of paper"
      And attempt 3 at the job "receipt A-1001" completed it

    Scenario Outline: Any kind of error is a failed attempt, and the worker lives
      Given the job "receipt A-1001" <has trouble> in its first attempt
      And the job "receipt A-1001" is enqueued
      And the job "receipt A-1002" is enqueued
      When a worker starts that runs one job at a time
      Then the job "receipt A-1001" waits for its next attempt
      And the job "receipt A-1002" is completed

      Examples:
        | has trouble                          |
        | fails                                |
        | raises an error that is no exception |
        | is interrupted                       |
        | leaves the process                   |
        | cancels itself                       |

  Rule: A job that used up its attempts is dead

    Scenario: The last attempt fails
      Given a job is allowed 2 attempts
      And the job "receipt A-1001" fails in its first 2 attempts
      And a worker has failed at the job "receipt A-1001" 1 time
      When the next attempt at the job "receipt A-1001" is due
      Then the job "receipt A-1001" is dead
      And the job "receipt A-1001" has 2 attempts
      And attempt 2 at the job "receipt A-1001" failed with "the printer is out of paper"

    Scenario: The dead stay dead
      Given a job is allowed 1 attempt
      And the job "receipt A-1001" fails in its first attempt
      And a worker has given up the job "receipt A-1001"
      When a day passes
      Then the job "receipt A-1001" is still dead
      And the job "receipt A-1001" has 1 attempt

    Scenario: An operator retries a dead job
      Given a job is allowed 1 attempt
      And the job "receipt A-1001" fails in its first attempt
      And a worker has given up the job "receipt A-1001"
      And the job "receipt A-1001" does not fail any more
      When an operator retries the job "receipt A-1001"
      Then the job "receipt A-1001" is completed
      And the job "receipt A-1001" has 2 attempts

    Scenario: A job func discards its job
      Given the job "receipt A-1001" writes the note "A-1001 is on its way"
      And the job "receipt A-1001" is discarded in its first attempt
      And the job "receipt A-1001" is enqueued
      When a worker starts
      Then the job "receipt A-1001" is dead
      And attempt 1 at the job "receipt A-1001" failed with "nobody wants it any more"
      And there is no note

  Rule: A snoozed job runs later, and the attempt does not count

    Scenario: A job func snoozes
      Given the job "receipt A-1001" writes the note "A-1001 is on its way"
      And the job "receipt A-1001" snoozes for an hour in its first call
      And the job "receipt A-1001" is enqueued
      When a worker starts
      Then the job "receipt A-1001" is scheduled
      And the job "receipt A-1001" has no attempt
      And there is no note

    Scenario: The snooze is over
      Given the job "receipt A-1001" writes the note "A-1001 is on its way"
      And the job "receipt A-1001" snoozes for an hour in its first call
      And a worker has snoozed the job "receipt A-1001"
      When an hour passes
      Then the job "receipt A-1001" is completed
      And the job "receipt A-1001" has 1 attempt
      And the only note is "A-1001 is on its way"
